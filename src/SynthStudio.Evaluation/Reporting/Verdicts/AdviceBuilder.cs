using SynthStudio.Evaluation.Attacks;

namespace SynthStudio.Evaluation.Reporting.Verdicts;

/// <summary>What to try next, from what was found.</summary>
internal static class AdviceBuilder
{
    public static IReadOnlyList<string> Of(EvaluationReport report, IReadOnlyList<Finding> findings) =>
        [.. Privacy(report).Concat(Likeness(report, findings)).Concat(Measurement(report))];

    private static IEnumerable<string> Privacy(EvaluationReport report)
    {
        var alarms = report.Privacy?.Tests.Where(test => test.IsAlarm).Select(test => test.Measure).ToArray() ?? [];
        if (alarms.Contains("exact_copies") || alarms.Contains("near_copies"))
        {
            yield return "Rows of training people were copied. Do not repair this by deleting them: train for a shorter time or by another method, and measure again.";
        }

        if (alarms.Length > 0)
        {
            yield return "Train with differential privacy: it bounds what any attack can find, also those that were not tried here.";
        }
        else if (report.Privacy is { Mode: PrivacyAttacks.Fast, Tests.Count: > 0 })
        {
            yield return "Before the table leaves the house, attack it thoroughly (--privacy-attacks full): it finds smaller leaks.";
        }
    }

    private static IEnumerable<string> Likeness(EvaluationReport report, IReadOnlyList<Finding> findings)
    {
        Grade Of(string aspect) => findings.Single(finding => finding.Aspect == aspect).Grade;
        if (report.Validity.Notes.Count > 0)
        {
            yield return "Look at the notes on validity: a kind or a rule in the schema file mends most of them.";
        }

        if (Of(VerdictBuilder.Told) is Grade.Fair or Grade.Poor && report.Detection is { TellingColumns: [{ Share: > 0.3 } first, ..] })
        {
            yield return $"Look at {first.Column}: it alone gives {first.Share:P0} of what tells synthetic rows apart. Its kind, its decimals or a rule may be wrong.";
        }

        if (Of(VerdictBuilder.Alike) is Grade.Fair or Grade.Poor || Of(VerdictBuilder.Useful) is Grade.Fair or Grade.Poor)
        {
            yield return "Train longer (--max-time), on more rows, or by another method (synth methods), and compare the reports (synth compare).";
        }

        if (Of(VerdictBuilder.Fair) is Grade.Fair or Grade.Poor)
        {
            yield return "Draw with given shares (--rebalance) where a group's rate must be kept or evened out.";
        }
    }

    private static IEnumerable<string> Measurement(EvaluationReport report)
    {
        if (report.Sampling.HoldoutRows is null)
        {
            yield return "Keep a tenth of the rows from the generator and name them as the holdout (--holdout): without them neither safety nor usefulness can be measured.";
        }
        else if (report.Utility.Count == 0)
        {
            yield return "Name a target in the schema file, or by --target: whether the table is useful depends on what it is used for.";
        }

        if (report.Privacy?.Anonymity?.AreGuessed == true)
        {
            yield return $"What others may know of a person was guessed ({string.Join(", ", report.Privacy.Anonymity.QuasiIdentifiers)}): name it by --quasi-identifiers.";
        }
    }
}
