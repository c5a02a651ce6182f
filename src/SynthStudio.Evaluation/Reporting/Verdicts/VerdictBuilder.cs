using System.Globalization;

namespace SynthStudio.Evaluation.Reporting.Verdicts;

/// <summary>Puts a report's figures into words. The limits are judgements, written here so that they can be argued with.</summary>
internal static class VerdictBuilder
{
    public const string Valid = "Is it well-formed?", Alike = "Is it alike?", Told = "Can it be told apart?", Useful = "Is it useful?", Safe = "Is it safe?",
        Fair = "Is it fair?";

    public static Verdict Of(EvaluationReport report)
    {
        Finding[] findings = [Validity(report), Likeness(report), Detection(report), Utility(report), Privacy(report), Fairness(report)];
        return new Verdict(Headline(findings), findings, AdviceBuilder.Of(report, findings));
    }

    private static string Headline(Finding[] findings)
    {
        Grade Of(string aspect) => findings.Single(finding => finding.Aspect == aspect).Grade;
        var likeness = (Of(Alike), Of(Useful)) switch
        {
            (Grade.Poor, _) => "It differs from the real table in ways that matter",
            (_, Grade.Poor) => "Models learned from it fail on real rows",
            (Grade.Good, Grade.Good or Grade.Unknown) => "It behaves like the real table",
            _ => "It resembles the real table, with differences",
        };
        return Of(Safe) switch
        {
            Grade.Poor => "Do not share this table: it gives away people of the training table. " + likeness + ".",
            Grade.Unknown => likeness + ". Whether it is safe was not measured.",
            _ => likeness + ", and no sign was found that it gives away people.",
        };
    }

    private static Finding Validity(EvaluationReport report) => report.Validity.Notes.Count switch
    {
        0 => new(Valid, Grade.Good, "Types, ranges, categories, keys and missing values are as in the training table."),
        1 => new(Valid, Grade.Fair, $"One thing is worth a look: {report.Validity.Notes[0]}."),
        var count => new(Valid, Grade.Fair, $"{count} things are worth a look, the first being: {report.Validity.Notes[0]}."),
    };

    private static Finding Likeness(EvaluationReport report)
    {
        if (report.Metrics is not { QaAccuracy: { } accuracy, QaAccuracyMax: { } most })
        {
            return new(Alike, Grade.Unknown, "It was not measured.");
        }

        var lost = most - accuracy;
        return new(
            Alike,
            lost <= 0.015 ? Grade.Good : lost <= 0.05 ? Grade.Fair : Grade.Poor,
            $"Columns and pairs of columns agree with the real ones to {Percent(accuracy)}; fresh real rows would reach {Percent(most)}.");
    }

    private static Finding Detection(EvaluationReport report)
    {
        if (report.Detection is not { } detection)
        {
            return new(Told, Grade.Unknown, "It was not measured.");
        }

        var (auc, usual) = (detection.Auc.Value, detection.HoldoutAuc?.Value ?? 0.5);
        var telling = auc - usual > 0.05 && detection.TellingColumns.Count > 0
            ? $" It goes by {string.Join(", ", detection.TellingColumns.Take(3).Select(column => column.Column))}."
            : "";
        return usual - auc > 0.05
            ? new(Told, Grade.Poor, $"Rows look more familiar than fresh real rows can (AUC {Number(auc)}): training rows were copied.")
            : new(
                Told,
                auc - usual <= 0.05 ? Grade.Good : auc - usual <= 0.2 ? Grade.Fair : Grade.Poor,
                $"Of a real and a synthetic row, a learned model points out the synthetic one in {100 * auc:0} of 100 cases; a coin's toss is right in 50.{telling}");
    }

    private static Finding Utility(EvaluationReport report)
    {
        if (report.Metrics is not { Tstr: { } synthetic, Trtr: { } real })
        {
            return new(Useful, Grade.Unknown, Reason(report, "tstr"));
        }

        // What is left of what can be learned beyond guessing.
        var guess = report.TstrMetric == "AUC" ? 0.5 : 0;
        var kept = real > guess ? (synthetic - guess) / (real - guess) : 1;
        return new(
            Useful,
            kept >= 0.96 ? Grade.Good : kept >= 0.88 ? Grade.Fair : Grade.Poor,
            $"A model learned from it predicts real rows {(kept >= 0.99 ? "as well as" : kept >= 0.96 ? "almost as well as" : kept >= 0.88 ? "less well than" : "much worse than")} one learned "
            + $"from the real table: {Math.Clamp(100 * kept, 0, 100):0} % of what can be learned is kept ({report.TstrMetric} {Number(synthetic)} against {Number(real)}).");
    }

    private static Finding Privacy(EvaluationReport report)
    {
        var alarms = report.Privacy?.Tests.Where(test => test.IsAlarm).ToArray() ?? [];
        if (report.Privacy is not { } privacy || (privacy.Attacks.Count == 0 && alarms.Length == 0))
        {
            return new(Safe, Grade.Unknown, report.Privacy is null ? "It was not measured." : Reason(report, "near_copies"));
        }

        return alarms.Length > 0
            ? new(Safe, Grade.Poor, $"{alarms.Length} of {privacy.Tests.Count} privacy tests {(alarms.Length == 1 ? "raises" : "raise")} an alarm. {Sentence(alarms[0].Measure.Replace('_', ' '))}: {alarms[0].Finding}.")
            : new(Safe, Grade.Good, $"None of {privacy.Tests.Count} privacy tests found more about people in training than about people the generator never saw. That says nothing of attacks that were not tried.");
    }

    private static Finding Fairness(EvaluationReport report)
    {
        var gaps = report.Fairness.Where(result => result.RateGapSynthetic is not null && result.RateGapTraining is not null)
            .Select(result => (Result: result, Widened: result.RateGapSynthetic!.Value - result.RateGapTraining!.Value)).ToArray();
        if (gaps.Length == 0)
        {
            return new(Fair, Grade.Unknown, report.Fairness.Count == 0 ? Reason(report, "fairness") : "No protected column has two groups that are large enough.");
        }

        var (worst, widened) = gaps.MaxBy(gap => Math.Abs(gap.Widened));
        var what = worst.Favoured is { } value ? $"the rate of {worst.Target} = {value}" : $"the mean of {worst.Target}";
        var scale = worst.Favoured is null ? Math.Max(Math.Abs(worst.RateGapTraining!.Value), 1e-9) : 1;
        return new(
            Fair,
            Math.Abs(widened / scale) <= 0.03 ? Grade.Good : Math.Abs(widened / scale) <= 0.08 ? Grade.Fair : Grade.Poor,
            $"Between groups of {worst.Column}, {what} differs by {Gap(worst.RateGapSynthetic!.Value)}, in the real table by {Gap(worst.RateGapTraining!.Value)}.");

        string Gap(double value) => worst.Favoured is null ? Number(value) : string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.0} percentage points");
    }

    private static string Reason(EvaluationReport report, string metric) =>
        $"It was not measured: {report.NotMeasured.FirstOrDefault(missing => missing.Metric == metric)?.Reason ?? "this part was not asked for"}.";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    private static string Number(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.000}");
}
