//! Keeping bookmarks.

use kernel::{Fault, PageRequest};
use ledger::{Ledger, Position};
use sessions::{Bookmark, BookmarkStore, EventStore, NewLearningEvent, Note, Stored};

use crate::backend::Backend;
use crate::given::{Given, ada, all, at, bob, taken};

crate::on_both!(
    a_bookmark_is_added_once_and_reads_back_as_it_was,
    only_an_event_of_the_user_can_be_bookmarked,
    a_bookmark_whose_entry_cannot_be_appended_leaves_nothing,
    an_edit_replaces_the_note,
    an_edit_sent_again_changes_nothing,
    editing_what_is_gone_tells_so_and_appends_nothing,
    a_bookmark_is_removed_once,
    a_removal_whose_entry_cannot_be_appended_leaves_it,
    bookmarks_are_listed_newest_first_in_pages_and_by_session,
    other_users_can_neither_see_nor_change_a_bookmark,
);

async fn a_bookmark_is_added_once_and_reads_back_as_it_was(db: Backend) {
    let given = Given::new();
    let bookmark = added(&db, &given).await;
    let again = db.add(&bookmark, &given.entry(ada())).await.unwrap();
    assert_eq!(again, Stored::Already);
    assert_eq!(find(&db, &bookmark).await, Some(bookmark));
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(3));
}

async fn only_an_event_of_the_user_can_be_bookmarked(db: Backend) {
    let given = Given::new();
    let theirs = recorded(&db, given.event(&given.session(bob()), at(1))).await;
    let mut bookmark = given.bookmark(&theirs.event, at(9));
    bookmark.user = ada();
    let failure = db.add(&bookmark, &given.entry(ada())).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Dangling);
    assert_eq!(db.head(ada()).await.unwrap(), Position::START);
}

async fn a_bookmark_whose_entry_cannot_be_appended_leaves_nothing(db: Backend) {
    let given = Given::new();
    let new = recorded(&db, given.event(&given.session(ada()), at(1))).await;
    let bookmark = given.bookmark(&new.event, at(9));
    let failure = db.add(&bookmark, &taken(&db, &given).await).await;
    let failure = failure.unwrap_err();
    assert_eq!(failure.fault(), Fault::Conflict);
    assert_eq!(find(&db, &bookmark).await, None);
}

async fn an_edit_replaces_the_note(db: Backend) {
    let given = Given::new();
    let edited = Bookmark {
        note: None,
        updated_at: at(99),
        ..added(&db, &given).await
    };
    assert!(db.edit(&edited, &given.entry(ada())).await.unwrap());
    assert_eq!(find(&db, &edited).await, Some(edited));
}

async fn an_edit_sent_again_changes_nothing(db: Backend) {
    let given = Given::new();
    let bookmark = added(&db, &given).await;
    let entry = given.entry(ada());
    assert!(db.edit(&bookmark, &entry).await.unwrap());
    let other = Bookmark {
        note: Note::parse("later").unwrap(),
        ..bookmark.clone()
    };
    assert!(db.edit(&other, &entry).await.unwrap());
    assert_eq!(find(&db, &bookmark).await, Some(bookmark));
}

async fn editing_what_is_gone_tells_so_and_appends_nothing(db: Backend) {
    let given = Given::new();
    let gone = Bookmark {
        id: given.id().into(),
        ..added(&db, &given).await
    };
    assert!(!db.edit(&gone, &given.entry(ada())).await.unwrap());
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(3));
}

async fn a_bookmark_is_removed_once(db: Backend) {
    let given = Given::new();
    let bookmark = added(&db, &given).await;
    let remove = async |entry| db.remove(ada(), bookmark.id, &entry).await.unwrap();
    assert!(remove(given.entry(ada())).await);
    assert!(!remove(given.entry(ada())).await);
    assert_eq!(find(&db, &bookmark).await, None);
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(4));
}

async fn a_removal_whose_entry_cannot_be_appended_leaves_it(db: Backend) {
    let given = Given::new();
    let bookmark = added(&db, &given).await;
    let before = db.read(ada(), Position::START, 1).await.unwrap().remove(0);
    let failure = db
        .remove(ada(), bookmark.id, &before.entry)
        .await
        .unwrap_err();
    assert_eq!(failure.fault(), Fault::Conflict);
    assert_eq!(find(&db, &bookmark).await, Some(bookmark));
}

async fn bookmarks_are_listed_newest_first_in_pages_and_by_session(db: Backend) {
    let given = Given::new();
    let first = added(&db, &given).await;
    let second = added(&db, &given).await;
    let page = BookmarkStore::list(&*db, ada(), None, PageRequest::new(1, None))
        .await
        .unwrap();
    assert_eq!(page.items, std::slice::from_ref(&second));
    let rest = PageRequest::new(1, page.next);
    let rest = BookmarkStore::list(&*db, ada(), None, rest).await.unwrap();
    assert_eq!((rest.items, rest.next), (vec![first.clone()], None));
    let of_session = BookmarkStore::list(&*db, ada(), Some(first.session), all())
        .await
        .unwrap();
    assert_eq!(of_session.items, [first]);
}

async fn other_users_can_neither_see_nor_change_a_bookmark(db: Backend) {
    let given = Given::new();
    let bookmark = added(&db, &given).await;
    let theirs = Bookmark {
        user: bob(),
        note: None,
        ..bookmark.clone()
    };
    assert_eq!(find(&db, &theirs).await, None);
    assert!(!db.edit(&theirs, &given.entry(bob())).await.unwrap());
    assert!(
        !db.remove(bob(), bookmark.id, &given.entry(bob()))
            .await
            .unwrap()
    );
    let page = BookmarkStore::list(&*db, bob(), Some(bookmark.session), all())
        .await
        .unwrap();
    assert_eq!(page.items, []);
    assert_eq!(find(&db, &bookmark).await, Some(bookmark));
}

/// A bookmark on a new event in a new session, made later than those before it.
async fn added(db: &Backend, given: &Given) -> Bookmark {
    let new = recorded(db, given.event(&given.session(ada()), at(1))).await;
    let number = db.head(ada()).await.unwrap().number();
    let bookmark = given.bookmark(&new.event, at(number));
    let stored = db.add(&bookmark, &given.entry(ada())).await.unwrap();
    assert_eq!(stored, Stored::New);
    bookmark
}

async fn recorded(db: &Backend, new: NewLearningEvent) -> NewLearningEvent {
    db.record(&new, &new.entries()).await.unwrap();
    new
}

async fn find(db: &Backend, bookmark: &Bookmark) -> Option<Bookmark> {
    BookmarkStore::find(&**db, bookmark.user, bookmark.id)
        .await
        .unwrap()
}
