namespace SynthStudio.Tabular.Tests.Constraints;

[TestClass]
public sealed class ConstraintTests : FileTest
{
    private const string Columns = """ "columns": {"n": "integer", "start": "date", "end": "date", "a": "decimal", "b": "decimal", "c": "decimal", "city": "categorical"} """;

    private const string Data = """
        n,start,end,a,b,c,city
        1,2024-01-01,2024-01-02,1.10,2.20,3.30,Graz
        200,2024-01-05,2024-01-02,1.10,2.20,3.31,Wien
        3,2024-01-05,,1.10,,3.31,
        """;

    [TestMethod]
    public void Every_rule_is_read_and_written_alike()
    {
        var schema = SchemaFile.Parse($$"""
            {{{Columns}}, "constraints": [
                {"rule": "range", "column": "n", "min": 0, "max": 120},
                {"rule": "range", "column": "start", "min": "2020-01-01", "name": "recent"},
                {"rule": "inequality", "low": "start", "high": "end", "strict": true},
                {"rule": "fixed_combinations", "columns": ["city", "n"]},
                {"rule": "unique", "columns": ["n"]},
                {"rule": "not_null", "columns": ["n", "city"]},
                {"rule": "sum", "parts": ["a", "b"], "total": "c"},
                {"rule": "expression", "expression": "a <= b or city == 'Wien'"}]}
            """);
        CollectionAssert.AreEqual(
            new[] { "0 <= n <= 120", "recent", "start < end", "combinations of city, n", "unique n", "n, city not null", "a + b = c", "a <= b or city == 'Wien'" },
            schema.Constraints.Select(c => c.Name).ToArray());
        Assert.AreEqual(schema.ToJson(), SchemaFile.Parse(schema.ToJson()).ToJson());
    }

    [TestMethod]
    [DataRow("""{"rule": "range", "column": "n", "min": 0, "max": 120}""", new[] { 1 })]
    [DataRow("""{"rule": "range", "column": "start", "max": "2024-01-02"}""", new[] { 1, 2 })]
    [DataRow("""{"rule": "inequality", "low": "start", "high": "end"}""", new[] { 1 })]
    [DataRow("""{"rule": "not_null", "columns": ["n", "city"]}""", new[] { 2 })]
    [DataRow("""{"rule": "sum", "parts": ["a", "b"], "total": "c"}""", new[] { 1 })]
    [DataRow("""{"rule": "sum", "parts": ["a", "b"], "total": "c", "tolerance": 0.5}""", new int[0])]
    [DataRow("""{"rule": "expression", "expression": "n < 100 or city == 'Graz'"}""", new[] { 1 })]
    public void Broken_rows_are_found(string constraint, int[] broken)
    {
        var table = Read(Data, SchemaFile.Parse($$"""{{{Columns}}, "constraints": [{{constraint}}]}"""));
        var breaks = RowRule.Of(table.Schema.Constraints[0], table.Schema)!.BrokenIn(table);
        CollectionAssert.AreEqual(broken, Enumerable.Range(0, 3).Where(breaks).ToArray());
    }

    [TestMethod]
    [DataRow("""{"rule": "rnage"}""", "rnage")]
    [DataRow("""{"column": "n"}""", "'rule'")]
    [DataRow("""{"rule": "range", "column": "n"}""", "'min' or 'max'")]
    [DataRow("""{"rule": "range", "column": "n", "least": 1}""", "least")]
    [DataRow("""{"rule": "sum", "parts": ["c"], "total": "c"}""", "both sides")]
    [DataRow("""{"rule": "unique", "columns": []}""", "column names")]
    [DataRow("""{"rule": "expression", "expression": "a <"}""", "position 4")]
    public void What_is_no_constraint_is_refused_with_its_place(string constraint, string why) => StringAssert.Contains(
        Refused(TableError.InvalidSchema, () => SchemaFile.Parse($$"""{{{Columns}}, "constraints": [{{constraint}}]}""")).Message, why);

    [TestMethod]
    [DataRow("""{"rule": "range", "column": "n", "min": 5, "max": 1}""", "more than")]
    [DataRow("""{"rule": "range", "column": "city", "min": 5}""", "neither numbers")]
    [DataRow("""{"rule": "range", "column": "start", "min": 5}""", "no moment")]
    [DataRow("""{"rule": "unique", "columns": ["nn"]}""", "'nn'")]
    [DataRow("""{"rule": "sum", "parts": ["city"], "total": "c"}""", "no numbers")]
    [DataRow("""{"rule": "inequality", "low": "n", "high": "city"}""", "cannot be compared")]
    [DataRow("""{"rule": "expression", "expression": "a + b"}""", "no condition")]
    public void A_rule_that_does_not_fit_the_table_is_refused_when_it_is_read(string constraint, string why) => StringAssert.Contains(
        Refused(TableError.InvalidSchema, () => Read(Data, SchemaFile.Parse($$"""{{{Columns}}, "constraints": [{{constraint}}]}"""))).Message, why);
}
