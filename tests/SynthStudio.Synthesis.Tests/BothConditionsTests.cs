using SynthStudio.Synthesis.Conditions;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class BothConditionsTests
{
    private static readonly ColumnSchema Number = new() { Name = "n", Kind = ColumnKind.Integer }, Text = new() { Name = "t", Kind = ColumnKind.Categorical };

    private static readonly Condition[] OfNumbers =
    [
        Condition.Is("3"), Condition.OneOf("1", "3", "5"), Condition.OneOf("2", null),
        Condition.NotMissing(), Condition.Between(new("2"), null), Condition.Between(null, new("3", Inclusive: false)),
        Condition.Between(new("2", Inclusive: false), new("5")), Condition.Between(new("3"), new("3")), Condition.Is(null),
    ];

    [TestMethod]
    public void A_number_meets_both_when_it_meets_each()
    {
        foreach (var first in OfNumbers)
        {
            foreach (var second in OfNumbers)
            {
                double[] values = [double.NaN, .. Enumerable.Range(0, 8).Select(i => (double)i)];
                var (a, b) = (ConditionNumbers.Meets(Number, first), ConditionNumbers.Meets(Number, second));
                bool[] expected = [.. values.Select(value => a(value) && b(value))];
                try
                {
                    var both = ConditionNumbers.Meets(Number, BothConditions.Of(Number, first, second));
                    CollectionAssert.AreEqual(expected, values.Select(value => both(value)).ToArray(), $"{first} {second}");
                }
                catch (SynthesisException refusal)
                {
                    Assert.AreEqual(SynthesisError.ImpossibleCondition, refusal.Error);
                    Assert.IsFalse(expected.Contains(true), $"{first} {second}");
                }
            }
        }
    }

    [TestMethod]
    public void Texts_of_both_are_left()
    {
        Assert.AreEqual(Condition.OneOf("b", null), BothConditions.Of(Text, Condition.OneOf("a", "b", null), Condition.OneOf(null, "b", "c")));
        Assert.AreEqual(Condition.Is("a"), BothConditions.Of(Text, Condition.OneOf("a", null), Condition.NotMissing()));
        foreach (var other in new[] { Condition.Is("b"), Condition.Between(new("a"), null) })
            Assert.AreEqual("t", Assert.ThrowsExactly<SynthesisException>(() => BothConditions.Of(Text, Condition.Is("a"), other)).Subject);
    }

    [TestMethod]
    public void The_end_of_a_range_is_spelled_so_that_nothing_is_lost()
    {
        var day = new ColumnSchema { Name = "d", Kind = ColumnKind.Date, Format = "dd.MM.yyyy" };
        var noon = new DateTime(2021, 3, 4, 12, 0, 0, DateTimeKind.Utc).Subtract(DateTime.UnixEpoch).TotalSeconds;
        Assert.AreEqual(noon, ConditionNumbers.Read(day, ConditionNumbers.Bound(day, noon, isHigh: true)!.Value));
        Assert.IsNull(ConditionNumbers.Bound(day, double.PositiveInfinity, isHigh: true));
        Assert.IsNull(ConditionNumbers.Bound(day, 1e12, isHigh: true));
        Assert.IsNull(ConditionNumbers.Bound(new ColumnSchema { Name = "t", Kind = ColumnKind.Time }, 90_000, isHigh: true));
    }
}
