using System.Globalization;
using System.Text;
using Serilog.Core;
using Serilog.Events;

namespace SynthStudio.Hosting;

/// <summary>
/// Writes control characters in what is logged as escapes: a column's name or a header that holds line ends or a terminal's commands makes no lines of its
/// own and steers nobody's terminal.
/// </summary>
internal sealed class HarmlessText : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? changed = null;
        foreach (var (name, value) in logEvent.Properties)
        {
            if (value is ScalarValue { Value: string text } && text.Any(IsHarmful))
                (changed ??= []).Add(new LogEventProperty(name, new ScalarValue(Escape(text))));
        }

        foreach (var property in changed ?? []) logEvent.AddOrUpdateProperty(property);
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (IsHarmful(c)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>Control characters, and those that turn the direction of what follows.</summary>
    private static bool IsHarmful(char c) => char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
