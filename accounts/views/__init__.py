"""Pages about people: the way in, the list for administrators, one's own profile. They parse, call and render."""
