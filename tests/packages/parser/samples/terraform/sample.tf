# The bucket.
resource "aws_s3_bucket" "books" {
  bucket = lower(var.name)
}
variable "name" {}
module "network" {
  source = "./network"
}
