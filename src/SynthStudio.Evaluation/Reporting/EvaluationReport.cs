using System.Text.Json;
using SynthStudio.Evaluation.Detection;
using SynthStudio.Evaluation.Fairness;
using SynthStudio.Evaluation.Histograms;
using SynthStudio.Evaluation.Privacy;
using SynthStudio.Evaluation.Reporting.Html;
using SynthStudio.Evaluation.Reporting.Verdicts;
using SynthStudio.Evaluation.Statistics;
using SynthStudio.Evaluation.Subgroups;
using SynthStudio.Evaluation.Utility;
using SynthStudio.Evaluation.Validity;

namespace SynthStudio.Evaluation.Reporting;

/// <summary>
/// What an evaluation found. As JSON all names are in snake_case, shares and scores are rounded to six decimals, and a score that was
/// not measured is null with an entry in <c>not_measured</c>. Fields may be added within a format version, never renamed or removed.
/// </summary>
public sealed record EvaluationReport
{
    /// <summary>The version of this schema.</summary>
    public int FormatVersion { get; init; } = 1;

    public required int Seed { get; init; }

    /// <summary>The figures in words.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Which bytes and which model this is about.</summary>
    public Provenance? Provenance { get; init; }

    /// <summary>
    /// Of a differentially private generator's report the fields that lie outside its guarantee, because training rows were looked at to
    /// compute them: not to be published without accounting for it. Null when the generator promises nothing.
    /// </summary>
    public IReadOnlyList<string>? OutsideGuarantee => Provenance?.Guarantee is null ? null : PrivacyGuarantee.OutsideFields;

    /// <summary>What was left out for readers who may not see real rows; null when nothing was.</summary>
    public IReadOnlyList<string>? LeftOut { get; init; }

    public required SamplingFacts Sampling { get; init; }

    public required ValidityResult Validity { get; init; }

    /// <summary>The scores of the synthetic table.</summary>
    public required Scores Metrics { get; init; }

    /// <summary>
    /// 95 % intervals by the scores' names in <see cref="Metrics"/>: where the mean of such scores would lie, over tables of as many rows of the
    /// same source and generator. Fewer rows lower scores of likeness and their ceilings alike, so that both are to be compared at one size.
    /// </summary>
    public IReadOnlyDictionary<string, Estimate> Intervals { get; init; } = new Dictionary<string, Estimate>();

    /// <summary>The scores of the holdout in the place of the synthetic table; null when it was not scored.</summary>
    public required Scores? Ceiling { get; init; }

    /// <summary>What <see cref="Scores.Tstr"/> and <see cref="Scores.Trtr"/> are: <c>AUC</c>, <c>macro-F1</c> or <c>R2</c>; null without a target.</summary>
    public required string? TstrMetric { get; init; }

    public required IReadOnlyList<ColumnScores> Columns { get; init; }

    public required IReadOnlyList<PairScores> Pairs { get; init; }

    /// <summary>How rows are told apart, and by what; null when it was not measured.</summary>
    public DetectionReport? Detection { get; init; }

    /// <summary>Every predicted target.</summary>
    public IReadOnlyList<TargetUtility> Utility { get; init; } = [];

    /// <summary>Parity across protected columns.</summary>
    public IReadOnlyList<FairnessResult> Fairness { get; init; } = [];

    /// <summary>Column shapes within subgroups.</summary>
    public IReadOnlyList<SubgroupResult> Subgroups { get; init; } = [];

    /// <summary>Distributions to be drawn, one a column.</summary>
    public IReadOnlyList<ColumnHistogram> Histograms { get; init; } = [];

    /// <summary>Copies, attacks and crowds; null when they were not looked at.</summary>
    public PrivacyResult? Privacy { get; init; }

    /// <summary>What has no value, and why.</summary>
    public required IReadOnlyList<NotMeasured> NotMeasured { get; init; }

    /// <summary>Wall-clock seconds each part took, and <c>total</c>.</summary>
    public required IReadOnlyDictionary<string, double> Seconds { get; init; }

    /// <summary>
    /// The report for readers who may not see real rows, whatever its columns tell: without distributions, groups, and how many real people
    /// share what others may know of a row, and with counts in fives.
    /// </summary>
    public EvaluationReport WithoutValues() => ValueGuard.Cut(this);

    /// <summary>The report with all counts of people in fives, averages no finer than five rows make them, and without what would give either away.</summary>
    public EvaluationReport WithCountsInFives() => ValueGuard.InFives(this);

    /// <summary>The report as indented JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.EvaluationReport);

    /// <summary>The report as one HTML page that needs nothing else.</summary>
    public string ToHtml() => ReportPage.Render(this);

    /// <summary>A report as <see cref="ToJson"/> wrote it.</summary>
    /// <exception cref="JsonException">The text is not such a report.</exception>
    public static EvaluationReport FromJson(string json)
    {
        var report = JsonSerializer.Deserialize(json, ReportJson.Default.EvaluationReport) ?? throw new JsonException("The report is null.");

        // The lists that reports of older programs lack.
        return report with
        {
            Utility = report.Utility ?? [],
            Fairness = report.Fairness ?? [],
            Subgroups = report.Subgroups ?? [],
            Histograms = report.Histograms ?? [],
            Intervals = report.Intervals ?? new Dictionary<string, Estimate>(),
        };
    }
}
