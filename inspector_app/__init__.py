"""What an inspection station (检疫申报点) knows and may do: no Qt, no HTTP, no printer."""
