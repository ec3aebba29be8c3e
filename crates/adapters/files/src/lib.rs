//! Objects in a folder with signed links, and what waits on disk: journal and spool.
