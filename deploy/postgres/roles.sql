-- Two roles for one database. `mscc_owner` owns the tables: migrations, backups, restores.
-- `mscc_app` is what the running product signs in as: it reads and writes rows and can do nothing
-- else, so that nobody who takes over the product can switch off the triggers of the trail.
-- Run once by a superuser, on the empty database; both passwords come from the environment.
\getenv owner_password MSCC_OWNER_PASSWORD
\getenv app_password MSCC_APP_PASSWORD

CREATE ROLE mscc_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE mscc_app LOGIN PASSWORD :'app_password';

REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO mscc_owner, mscc_app;
ALTER SCHEMA public OWNER TO mscc_owner;
GRANT USAGE ON SCHEMA public TO mscc_app;

ALTER DEFAULT PRIVILEGES FOR ROLE mscc_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mscc_app;
ALTER DEFAULT PRIVILEGES FOR ROLE mscc_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO mscc_app;
