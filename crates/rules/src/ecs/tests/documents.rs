//! Records and their documents.
