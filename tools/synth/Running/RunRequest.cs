using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>What <c>synth run</c> was asked to do, checked.</summary>
/// <param name="Data">The training table.</param>
/// <param name="SchemaJson">Content of the schema file; null infers it.</param>
/// <param name="Holdout">Rows the generator must not see, for the report; null without.</param>
/// <param name="Method">Method name; empty takes the server's default.</param>
/// <param name="Options">Method options.</param>
/// <param name="Rows">Synthetic rows; null means as many as the training table has.</param>
/// <param name="MaxTime">Limit of training; null lets the method choose.</param>
/// <param name="Seed">Seed of training, drawing and scoring.</param>
/// <param name="Evaluation">What the report looks at.</param>
/// <param name="Privacy">What the training must promise; null for no promise.</param>
/// <param name="LearnAllRows">No rows are held back to measure on.</param>
/// <param name="Output">Folder for the results; exists.</param>
internal sealed record RunRequest(
    FileInfo Data,
    string? SchemaJson,
    FileInfo? Holdout,
    string Method,
    IReadOnlyDictionary<string, string> Options,
    long? Rows,
    TimeSpan? MaxTime,
    long Seed,
    EvaluationSettings Evaluation,
    PrivacyTerms? Privacy,
    bool LearnAllRows,
    DirectoryInfo Output)
{
    /// <summary>Without a holdout some rows are held back from the training, to measure on.</summary>
    public bool LearnsAllRows => Holdout is not null || LearnAllRows;

    public string SyntheticFile => Path.Combine(Output.FullName, "synthetic.csv");

    public string ReportFile => Path.Combine(Output.FullName, "report.json");

    public string ReportPage => Path.Combine(Output.FullName, "report.html");

    public string RecordFile => Path.Combine(Output.FullName, "run.json");

    public string ModelFile => Path.Combine(Output.FullName, "generator.synth");
}
