using System.Globalization;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary>What columns tell of persons as a table for people: one line a finding, and one for each column without.</summary>
internal static class PersonalDataTable
{
    public static string Describe(IReadOnlyList<ColumnSensitivity> columns)
    {
        var table = new TextTable("COLUMN", "MARK", "PROPOSED", "PERSONAL DATA", "CONFIDENCE", "WHY");
        foreach (var column in columns)
        {
            var first = true;
            foreach (var finding in column.Findings)
            {
                table.Add([
                    .. Head(column, first), What(finding), finding.Confidence.ToString("P0", CultureInfo.InvariantCulture),
                    string.Join("; ", finding.Reasons)]);
                first = false;
            }

            if (first) table.Add([.. Head(column, first), "", "", ""]);
        }

        return table.ToString();
    }

    private static string[] Head(ColumnSensitivity column, bool first) => first ? [column.Column, Of(column.Mark), Of(column.Proposed)] : ["", "", ""];

    private static string Of(Sensitivity sensitivity) => sensitivity == Sensitivity.Unspecified ? "" : Names.Of(sensitivity);

    private static string What(PersonalDataFinding finding) =>
        finding.Kind + (finding.Form.Length > 0 ? $" ({finding.Form})" : "") + (finding.InText ? " in text" : "");
}
