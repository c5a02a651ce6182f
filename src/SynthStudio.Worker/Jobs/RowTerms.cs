using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>What an order asks of the rows, in the words of synthesis.</summary>
internal static class RowTerms
{
    /// <exception cref="SynthesisException">Two conditions on one column, or one that says nothing; shares of a column twice.</exception>
    public static SampleRequest Apply(GenerateOrder order, SampleRequest request)
    {
        var given = new Dictionary<string, Condition>(StringComparer.Ordinal);
        foreach (var (column, value) in order.Given) Add(column, Condition.Is(value));
        foreach (var column in order.GivenMissing) Add(column, Condition.Is(null));
        if (order.Terms is not { } terms) return request with { Given = given };
        foreach (var condition in terms.Conditions) Add(condition.Column, Read(condition));
        return request with
        {
            Given = given,
            Rebalance = terms.Shares.GroupBy(shares => shares.Column, StringComparer.Ordinal).ToDictionary(
                shares => shares.Key,
                shares => shares.Count() == 1 ? (IReadOnlyDictionary<string, double>)shares.Single().Shares.ToDictionary() : throw new SynthesisException(
                    SynthesisError.OptionOutOfRange, $"Column '{shares.Key}' has shares twice: put them into one.", shares.Key)),
            Fairness = terms.Fairness is { } fairness ? new FairnessRequest(fairness.Target, fairness.Sensitive) : null,
        };

        void Add(string column, Condition condition)
        {
            if (!given.TryAdd(column, condition))
                throw new SynthesisException(SynthesisError.ImpossibleCondition, $"Column '{column}' has two conditions: put them into one.", column);
        }
    }

    private static Condition Read(ColumnCondition condition) => condition.KindCase switch
    {
        ColumnCondition.KindOneofCase.Values when condition.Values.Missing || condition.Values.Values.Count > 0 =>
            Condition.OneOf([.. condition.Values.Values, .. condition.Values.Missing ? new string?[] { null } : []]),
        ColumnCondition.KindOneofCase.Range => Condition.Between(
            condition.Range.HasLow ? new RangeBound(condition.Range.Low, !condition.Range.LowExclusive) : null,
            condition.Range.HasHigh ? new RangeBound(condition.Range.High, !condition.Range.HighExclusive) : null),
        ColumnCondition.KindOneofCase.NotMissing when condition.NotMissing => Condition.NotMissing(),
        _ => throw new SynthesisException(SynthesisError.ImpossibleCondition, $"The condition on column '{condition.Column}' says nothing.", condition.Column),
    };
}
