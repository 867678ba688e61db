import pyoxigraph as ox

s = ox.Store()
P = "PREFIX geof: <http://www.opengis.net/def/function/geosparql/> PREFIX geo: <http://www.opengis.net/ont/geosparql#> PREFIX uom: <http://www.opengis.net/def/uom/OGC/1.0/>"


def q(e):
    try:
        r = list(s.query(P + "SELECT (%s AS ?x) {}" % e))
        print(e[:80], "->", r[0][0])
    except Exception as ex:
        print(e[:60], "!!", ex)


pt = '"POINT(8 50)"^^geo:wktLiteral'
pt2 = '"POINT(9 50)"^^geo:wktLiteral'
pg = '"POLYGON((7 49,9 49,9 51,7 51,7 49))"^^geo:wktLiteral'
q(f"geof:distance({pt},{pt2},uom:metre)")
q(f"geof:distance({pt},{pt2})")
q(f"geof:distance({pt},{pt2},uom:degree)")
q(f"geof:distance({pg},{pt2},uom:metre)")
for f in "sfEquals sfDisjoint sfIntersects sfTouches sfCrosses sfWithin sfContains sfOverlaps ehEquals rcc8dc".split():
    q(f"geof:{f}({pt},{pg})")
for f in "envelope convexHull boundary area metricArea centroid asGeoJSON asWKT dimension getSRID isSimple isEmpty length metricLength minX geometryType".split():
    q(f"geof:{f}({pg})")
q(f"geof:buffer({pt},1000,uom:metre)")
for f in "union intersection difference symDifference".split():
    q(f"geof:{f}({pg},{pt})")
