namespace SynthStudio.Tabular.Tests.Schema;

[TestClass]
public sealed class SchemaFileTests : FileTest
{
    [TestMethod]
    public void ReadsTheShortForm()
    {
        var schema = SchemaFile.Parse("""{"target": "y", "task": "binary", "columns": {"x": "numerical", "y": "categorical", "id": "ignored"}}""");
        Assert.AreEqual("y", schema.Target);
        Assert.AreEqual(LearningTask.Binary, schema.Task);
        CollectionAssert.AreEqual(
            new[] { DeclaredKind.Numerical, DeclaredKind.Categorical, DeclaredKind.Ignored }, schema.Columns.Select(c => c.Kind).ToArray());
    }

    [TestMethod]
    public void ReadsTheLongForm()
    {
        var schema = SchemaFile.Parse(
            """{"columns": {"x": {"kind": "decimal", "decimal_places": 2, "nullable": true}, "d": {"kind": "date", "format": "dd.MM.yyyy"}}}""");
        Assert.AreEqual(new ColumnDeclaration("x", DeclaredKind.Decimal, 2, null, true), schema.Columns[0]);
        Assert.AreEqual(new ColumnDeclaration("d", DeclaredKind.Date, null, "dd.MM.yyyy"), schema.Columns[1]);
    }

    [TestMethod]
    public void ReadsOneOfSeveralTables()
    {
        const string Json = """{"tables": {"a": {"columns": {"x": "numerical"}}, "b": {"columns": {"y": "text"}}}}""";
        Assert.AreEqual("y", SchemaFile.Parse(Json, "b").Columns[0].Name);
        StringAssert.Contains(Refused(TableError.InvalidSchema, () => SchemaFile.Parse(Json)).Message, "--table");
        Refused(TableError.InvalidSchema, () => SchemaFile.Parse(Json, "c"));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("[]")]
    [DataRow("{}")]
    [DataRow("""{"columns": {}}""")]
    [DataRow("""{"columns": []}""")]
    [DataRow("""{"columns": {"x": "number"}}""")]
    [DataRow("""{"columns": {"x": 5}}""")]
    [DataRow("""{"columns": {"x": {}}}""")]
    [DataRow("""{"columns": {"x": {"kind": "decimal", "decimal_places": -1}}}""")]
    [DataRow("""{"columns": {"x": {"kind": "text", "decimal_places": 2}}}""")]
    [DataRow("""{"columns": {"x": {"kind": "date", "format": "HH:mm"}}}""")]
    [DataRow("""{"columns": {"x": {"kind": "date", "format": "nonsense"}}}""")]
    [DataRow("""{"columns": {"x": {"kind": "date", "fromat": "yyyy-MM-dd"}}}""")]
    [DataRow("""{"columns": {"x": "text"}, "target": "y"}""")]
    [DataRow("""{"columns": {"x": "ignored"}, "target": "x"}""")]
    [DataRow("""{"columns": {"x": "text"}, "task": "guess"}""")]
    [DataRow("""{"columns": {"x": "text"}, "colour": 1}""")]
    public void RefusesWhatIsNoSchema(string json) => Refused(TableError.InvalidSchema, () => SchemaFile.Parse(json));

    [TestMethod]
    public void RefusesAColumnNamedTwice() =>
        Assert.AreEqual("x", Refused(TableError.DuplicateColumn, () => SchemaFile.Parse("""{"columns": {"x": "text", "x": "text"}}""")).Column);

    [TestMethod]
    [DataRow("target", """{"target": "x", "target": "y", "columns": {"x": "categorical", "y": "categorical"}}""")]
    [DataRow("columns", """{"columns": {"x": "text"}, "columns": {"y": "text"}}""")]
    [DataRow("kind", """{"columns": {"x": {"kind": "text", "kind": "integer"}}}""")]
    [DataRow("max", """{"columns": {"x": {"kind": "integer", "min": 0, "max": 1, "max": 9}}}""")]
    [DataRow("low", """{"columns": {"x": "integer", "y": "integer"}, "constraints": [{"rule": "inequality", "low": "x", "high": "y", "low": "y"}]}""")]
    [DataRow("a", """{"tables": {"a": {"columns": {"x": "text"}}, "a": {"columns": {"y": "text"}}}}""")]
    public void RefusesAPropertyGivenTwice(string name, string json) =>
        StringAssert.Contains(
            Refused(
                TableError.InvalidSchema,
                () => SchemaFile.Parse(json, json.Contains("tables", StringComparison.Ordinal) ? "a" : null)).Message,
            $"'{name}' twice");

    [TestMethod]
    public void RefusesAMissingFile() => Refused(TableError.FileNotFound, () => SchemaFile.Read(PathOf("none.json")));

    [TestMethod]
    public void WhatWasInferredCanBeWrittenAndReadBack()
    {
        var table = Read("i,x,d,c,b\n1,1.50,01.02.2020,u,yes\n2,2.25,13.02.2020,v,no\n,2.25,13.02.2020,v,no\n");
        SchemaFile.From(table.Schema).Write(PathOf("schema.json"));
        var again = SchemaFile.Read(PathOf("schema.json"));
        CollectionAssert.AreEqual(SchemaFile.From(table.Schema).Columns.ToArray(), again.Columns.ToArray());
        CollectionAssert.AreEqual(
            table.Schema.Columns.ToArray(), TableReader.Read(PathOf("table.csv"), schema: again).Schema.Columns.ToArray());
    }
}
