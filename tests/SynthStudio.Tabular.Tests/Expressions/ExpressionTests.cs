namespace SynthStudio.Tabular.Tests.Expressions;

[TestClass]
public sealed class ExpressionTests
{
    private static readonly Table Rows = Make();

    [TestMethod]
    [DataRow("1 + 2 * 3", 7)]
    [DataRow("(1 + 2) * 3", 9)]
    [DataRow("-2 - -3", 1)]
    [DataRow("7 % 3 + 1 / 4", 1.25)]
    [DataRow("a * 2", 6)]
    [DataRow("`the b` - a", 1.5)]
    [DataRow("round(2.345, 2)", 2.35)]
    [DataRow("max(a, `the b`, 1) - min(a, 1)", 3.5)]
    [DataRow("if(a > 2, 10, 20)", 10)]
    [DataRow("coalesce(gap, a)", 3)]
    [DataRow("length(city)", 4)]
    [DataRow("year(day) * 10000 + month(day) * 100 + day(day)", 20240229)]
    [DataRow("weekday(day)", 4)]
    [DataRow("(day - date('2024-02-28')) / days(1)", 1)]
    public void Numbers_come_out(string text, double expected) => Assert.AreEqual(expected, Expression.Parse(text).Over(Rows).Number(0), 1e-9);

    [TestMethod]
    [DataRow("0.1 + 0.2 = 0.3", 1)]
    [DataRow("a <= 3 and a >= 3 and not a < 3", 1)]
    [DataRow("123456789012 < 123456789013", 1)]
    [DataRow("day < '2024-02-29 00:00:01'", 1)]
    [DataRow("a <> 3 or city == 'Wien'", 1)]
    [DataRow("city in ('Graz', 'Wien')", 1)]
    [DataRow("city not in ('Graz', 'Wien')", 0)]
    [DataRow("NOT (a > 3)", 1)]
    [DataRow("day >= '2024-02-29' and day < '2024-03-01'", 1)]
    [DataRow("member", 1)]
    [DataRow("member == 'yes'", 1)]
    [DataRow("lower(city) + '!' == 'wien!'", 1)]
    [DataRow("is_null(gap) and not is_null(a)", 1)]
    [DataRow("gap > 1", double.NaN)]
    [DataRow("gap > 1 or true", 1)]
    [DataRow("gap > 1 and false", 0)]
    [DataRow("1 / 0 > 1", double.NaN)]
    public void Conditions_are_true_false_or_unknown(string text, double expected)
    {
        var truth = Expression.Parse(text).Over(Rows);
        Assert.AreEqual(ExpressionType.Truth, truth.Type);
        Assert.AreEqual(expected, truth.Number(0));
    }

    [TestMethod]
    [DataRow("a >", "position 4", "ends")]
    [DataRow("a > > 3", "position 5", "'>'")]
    [DataRow("(a + 1", "position 7", "')'")]
    [DataRow("a $ 1", "position 3", "'$'")]
    [DataRow("'open", "position 1", "no closing")]
    [DataRow("a 3", "position 3", "'3'")]
    [DataRow("b + 1", "position 1", "no column 'b'")]
    [DataRow("city + 1", "position 6", "does not go with")]
    [DataRow("city > 3", "position 6", "cannot be compared")]
    [DataRow("sin(a)", "position 1", "no function 'sin'")]
    [DataRow("abs(city)", "position 1", "abs(number)")]
    [DataRow("a and true", "position 1", "condition is expected")]
    public void Mistakes_are_shown_at_their_place(string text, string place, string why)
    {
        var error = Assert.ThrowsExactly<TableException>(() => Expression.Parse(text).Over(Rows));
        Assert.AreEqual(TableError.InvalidSchema, error.Error);
        StringAssert.Contains(error.Message, place);
        StringAssert.Contains(error.Message, why);
    }

    [TestMethod]
    public void A_bomb_of_brackets_is_refused_and_not_followed()
    {
        var error = Assert.ThrowsExactly<TableException>(() => Expression.Parse(new string('(', 2000) + "1" + new string(')', 1999)));
        StringAssert.Contains(error.Message, "nested");
    }

    [TestMethod]
    public void The_columns_are_known() =>
        CollectionAssert.AreEqual(new[] { "a", "the b", "city" }, Expression.Parse("a + `the b` > a and city in ('x')").Columns.ToArray());

    private static Table Make()
    {
        Column[] columns =
        [
            new NumericColumn(new() { Name = "a", Kind = ColumnKind.Integer }, [3]),
            new NumericColumn(new() { Name = "the b", Kind = ColumnKind.Decimal }, [4.5]),
            new NumericColumn(new() { Name = "gap", Kind = ColumnKind.Decimal }, [double.NaN]),
            new NumericColumn(new() { Name = "day", Kind = ColumnKind.Date }, [1709164800]),
            new CodedColumn(new() { Name = "city", Kind = ColumnKind.Categorical }, [0], ["Wien"]),
            new CodedColumn(new() { Name = "member", Kind = ColumnKind.Boolean }, [1], ["no", "yes"]),
        ];
        return new Table(new TableSchema { Columns = [.. columns.Select(c => c.Schema)] }, columns);
    }
}
