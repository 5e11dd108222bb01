package files

// RandomName lets tests make names as content has them.
var RandomName = randomName
