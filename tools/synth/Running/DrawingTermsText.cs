using Google.Protobuf;

namespace SynthStudio.Cli.Running;

/// <summary>What a request asks of the rows, as the message of the API; the worker's has the same fields.</summary>
internal static class DrawingTermsText
{
    public static V1.DrawingTerms ToProto(GenerateRequest request) => new()
    {
        Conditions = { request.Conditions.Select(Condition) },
        Shares = { request.Shares.Select(shares => new V1.ColumnShares { Column = shares.Key, Shares = { shares.Value.ToDictionary() } }) },
        Fairness = request.Fair is var (target, sensitive) ? new V1.Fairness { Target = target, Sensitive = sensitive } : null,
    };

    public static Worker.V1.DrawingTerms ToWorker(GenerateRequest request) =>
        Worker.V1.DrawingTerms.Parser.ParseFrom(ToProto(request).ToByteArray());

    private static V1.ColumnCondition Condition(RowCondition condition)
    {
        var proto = new V1.ColumnCondition { Column = condition.Column };
        if (condition.IsRange)
        {
            proto.Range = new V1.ValueRange { LowExclusive = condition.Low is { Inclusive: false }, HighExclusive = condition.High is { Inclusive: false } };
            if (condition.Low is { } low) proto.Range.Low = low.Value;
            if (condition.High is { } high) proto.Range.High = high.Value;
        }
        else if (condition.NotMissing)
        {
            proto.NotMissing = true;
        }
        else
        {
            proto.Values = new V1.ValueSet { Values = { condition.Values }, Missing = condition.Missing };
        }

        return proto;
    }
}
