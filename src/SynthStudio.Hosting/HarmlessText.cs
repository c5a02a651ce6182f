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
            if (value is ScalarValue { Value: string text } && !ControlCharacters.AreNoneIn(text))
                (changed ??= []).Add(new LogEventProperty(name, new ScalarValue(ControlCharacters.Escape(text))));
        }

        foreach (var property in changed ?? []) logEvent.AddOrUpdateProperty(property);
    }
}
