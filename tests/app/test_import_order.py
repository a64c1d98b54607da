"""Modules import one another in one direction."""

from graphlib import CycleError, TopologicalSorter

import grimp


def test_no_module_imports_itself_by_way_of_others_not_even_for_its_types():
    graph = grimp.build_graph("app", "widgets", "services", cache_dir=None)
    order = TopologicalSorter({module: graph.find_modules_directly_imported_by(module) for module in graph.modules})
    circle: list[str] = []
    try:
        order.prepare()
    except CycleError as found:
        circle = found.args[1]
    assert circle == []
