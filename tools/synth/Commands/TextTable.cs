using System.Text;
using SynthStudio.Hosting;

namespace SynthStudio.Cli.Commands;

/// <summary>Aligned columns of plain text, the same on a terminal and in a pipe: no cell makes a row of its own, or steers the terminal.</summary>
internal sealed class TextTable(params string[] headers)
{
    private readonly List<string[]> rows = [headers];

    public void Add(params string[] cells) => rows.Add([.. cells.Select(ControlCharacters.Escape)]);

    public override string ToString()
    {
        var widths = Enumerable.Range(0, headers.Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            var line = string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c])));
            text.AppendLine(line.TrimEnd());
        }

        return text.ToString().TrimEnd();
    }
}
