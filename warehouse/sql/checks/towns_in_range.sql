-- fail: a place whose coordinates are not on the globe
select place_id, latitude, longitude from places where latitude not between -90 and 90 or longitude not between -180 and 180
