"""Software as it is delivered: started, called and stopped as its platform would."""
