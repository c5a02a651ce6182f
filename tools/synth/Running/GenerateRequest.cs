namespace SynthStudio.Cli.Running;

/// <summary>Which rows <c>synth generate</c> is to draw, checked.</summary>
/// <param name="Rows">At least 1.</param>
/// <param name="Seed">Equal seeds draw equal rows.</param>
/// <param name="Conditions">What every row must meet.</param>
/// <param name="Shares">By column the shares of its values.</param>
/// <param name="Fair">Target and sensitive column; null draws them as learned.</param>
/// <param name="Temperature">1 is the learned distribution.</param>
/// <param name="Output">The CSV file to write.</param>
/// <param name="DefuseFormulas">Whether cells that a spreadsheet would run get an apostrophe.</param>
internal sealed record GenerateRequest(
    long Rows,
    long Seed,
    IReadOnlyList<RowCondition> Conditions,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Shares,
    (string Target, string Sensitive)? Fair,
    double Temperature,
    FileInfo Output,
    bool DefuseFormulas);
