"""A course with deepwhy's notebooks: what nbgrader has to be told about the language.

Run nbgrader in this folder; docs/authoring.md goes through it step by step.
"""

c = get_config()  # noqa: F821 (nbgrader brings it)

c.CourseDirectory.course_id = "deepwhy"

# What stands in the place of a solution. nbgrader has such a line only for the languages it knows. It may not define
# anything: the checks below it then fail until the student has filled it in.
c.ClearSolutions.code_stub = {"deepwhy": "# your lines here"}

# A cell of these lessons runs for seconds at most; one that hangs is stopped and the next cell is graded.
c.Execute.timeout = 60
c.Execute.interrupt_on_timeout = True
