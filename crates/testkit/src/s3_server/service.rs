//! What answers the server's requests: s3s-fs, with what it lacks of S3 added in front.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::SimpleAuth;
use s3s::path::S3Path;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{HttpError, HttpResponse, S3Result, s3_error};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::sync::{RwLock, oneshot};

use super::S3Server;

/// S3 over a folder. S3 replaces an object as a whole; s3s-fs writes its bytes, its type and its
/// checksum one by one, so writes to an object wait for each other and for its reads. It also
/// keeps the bytes of an object that it refuses for their checksum, so these are removed.
#[derive(Clone)]
pub(super) struct Service {
    s3: S3Service,
    folder: PathBuf,
    locks: Arc<Mutex<HashMap<String, Arc<RwLock<()>>>>>,
}

impl Service {
    pub(super) fn new(folder: &Path) -> Self {
        let files = FileSystem::new(folder)
            .unwrap_or_else(|error| panic!("{}: {error:?}", folder.display()));
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(
            S3Server::ACCESS_KEY_ID,
            S3Server::SECRET_ACCESS_KEY,
        ));
        builder.set_access(SignedAndInBucket(folder.to_owned()));
        Self {
            s3: builder.build(),
            folder: folder.to_owned(),
            locks: Arc::default(),
        }
    }

    fn lock_of(&self, path: &str) -> Arc<RwLock<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(locks.entry(path.to_owned()).or_default())
    }
}

impl hyper::service::Service<hyper::Request<Incoming>> for Service {
    type Response = HttpResponse;
    type Error = HttpError;
    type Future = BoxFuture<'static, Result<HttpResponse, HttpError>>;

    fn call(&self, request: hyper::Request<Incoming>) -> Self::Future {
        let (s3, lock) = (self.s3.clone(), self.lock_of(request.uri().path()));
        let is_read = request.method().is_safe();
        let file = self
            .folder
            .join(request.uri().path().trim_start_matches('/'));
        Box::pin(async move {
            let answer = hyper::service::Service::call(&s3, request);
            if is_read {
                let _reading = lock.read().await;
                answer.await
            } else {
                let _writing = lock.write().await;
                let was_there = file.exists();
                let answered = answer.await;
                let is_refused = answered.as_ref().is_ok_and(|answer| answer.status() == 400);
                if is_refused && !was_there {
                    // It is not there in most cases, and then there is nothing to do.
                    std::fs::remove_file(file).ok();
                }
                answered
            }
        })
    }
}

/// Lets in what is signed, and knows the buckets: s3s-fs would create a missing one.
struct SignedAndInBucket(PathBuf);

#[async_trait::async_trait]
impl S3Access for SignedAndInBucket {
    async fn check(&self, request: &mut S3AccessContext<'_>) -> S3Result<()> {
        if request.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "Signature is required"));
        }
        match request.s3_path() {
            S3Path::Object { bucket, .. } if !self.0.join(&**bucket).is_dir() => Err(s3_error!(
                NoSuchBucket,
                "The specified bucket does not exist"
            )),
            _ => Ok(()),
        }
    }
}

/// Serves until it is told to stop; then every connection ends.
pub(super) fn serve_until(
    listener: std::net::TcpListener,
    service: &Service,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap_or_else(|error| panic!("no runtime: {error}"));
    runtime.block_on(async {
        tokio::select! {
            () = serve(listener, service) => {}
            // Told to stop, or the handle is gone.
            _ = stopped => {}
        }
    });
    runtime.shutdown_background();
}

async fn serve(listener: std::net::TcpListener, service: &Service) {
    let listener = listener
        .set_nonblocking(true)
        .and_then(|()| TcpListener::from_std(listener))
        .unwrap_or_else(|error| panic!("the listener cannot be used: {error}"));
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service.clone());
                tokio::spawn(connection);
            }
            // Out of file descriptors, or a caller that is gone: the next one may do better.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}
