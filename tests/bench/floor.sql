-- The fixed insert floor: the least that keeping these events in SQLite can cost. One text table, nothing interned, no
-- full text, no counts; the six indexes that everybody would make.
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -262144;

CREATE TABLE event (
  event_id TEXT,
  timestamp INTEGER,
  event_type TEXT,
  agent_id TEXT,
  user_id TEXT,
  tenant_id TEXT,
  host TEXT,
  tool TEXT,
  server TEXT,
  status TEXT,
  duration_ms REAL,
  call_id TEXT,
  counts INTEGER,
  outcome INTEGER,
  request_id TEXT,
  session_id TEXT,
  trace_id TEXT,
  span_id TEXT,
  parent_id TEXT,
  model TEXT,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cache_read_tokens INTEGER,
  cache_write_tokens INTEGER,
  cost_microusd INTEGER,
  resource_tenant_id TEXT,
  message TEXT,
  metadata TEXT,
  lineage TEXT,
  generation INTEGER,
  byte_offset INTEGER,
  format TEXT,
  seq INTEGER
);

CREATE INDEX event_timestamp ON event (timestamp);
CREATE INDEX event_agent ON event (agent_id);
CREATE INDEX event_user ON event (user_id);
CREATE INDEX event_type ON event (event_type);
CREATE INDEX event_request ON event (request_id);
CREATE INDEX event_session ON event (session_id);
