# The bucket.
resource "aws_s3_bucket" "books" {
  bucket = var.name
}
variable "name" {}
module "network" {
  source = "./network"
}
