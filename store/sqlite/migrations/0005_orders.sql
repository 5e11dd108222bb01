-- The columns that a list of all devices is ordered by, as orders compare them,
-- with the id that decides between equal ones. A routine session changes none
-- of them.
CREATE INDEX devices_serial_number ON devices (lower(serial_number), id);
CREATE INDEX devices_mac ON devices (lower(mac), id);
DROP INDEX devices_model;
CREATE INDEX devices_model ON devices (lower(model), id);
CREATE INDEX devices_software_version ON devices (lower(software_version), id);
CREATE INDEX devices_path ON devices (lower(group_path), id);
CREATE INDEX devices_address ON devices (lower(address), id);
CREATE INDEX devices_first_seen ON devices (first_seen, id);
