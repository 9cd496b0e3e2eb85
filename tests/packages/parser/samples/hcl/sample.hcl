# The cluster.
server "main" {
  address = format("%s", "here")
}
module "storage" {
  source = "./storage"
}
