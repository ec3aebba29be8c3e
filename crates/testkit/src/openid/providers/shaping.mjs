// An issuer that signs whatever it is told to, and counts how often its keys are fetched.
import { createServer } from "node:http";
import { OAuth2Issuer, OAuth2Service } from "oauth2-mock-server";

const issuer = new OAuth2Issuer();
await issuer.keys.generate("RS256", { kid: "first" });
const service = new OAuth2Service(issuer);
let fetched = 0;
let cacheControl = "max-age=600";

const control = {
  "/control/sign": ({ claims, kid }) =>
    issuer.buildToken({
      kid,
      scopesOrTransform: (_header, payload) => {
        for (const [name, value] of Object.entries(claims)) {
          if (value === null) delete payload[name];
          else payload[name] = value;
        }
      },
    }),
  "/control/rotate": async ({ kid }) => (await issuer.keys.generate("RS256", { kid })).kid,
  "/control/cache": (told) => (cacheControl = told.cacheControl),
  "/control/fetched": () => String(fetched),
};

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString() || "{}");
}

const server = createServer(async (request, response) => {
  if (request.url === "/jwks") {
    fetched += 1;
    response.setHeader("cache-control", cacheControl);
    response.end(JSON.stringify({ keys: issuer.keys.toJSON() }));
  } else if (control[request.url]) {
    response.end(await control[request.url](await body(request)));
  } else {
    service.requestHandler(request, response);
  }
});

server.listen(0, "127.0.0.1", () => {
  issuer.url = `http://127.0.0.1:${server.address().port}`;
  console.log(issuer.url);
});
