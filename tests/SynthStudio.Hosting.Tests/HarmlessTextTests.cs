using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace SynthStudio.Hosting.Tests;

/// <summary>What callers and tables say makes no lines of its own in a log.</summary>
[TestClass]
public sealed class HarmlessTextTests
{
    [TestMethod]
    public void Control_characters_are_written_as_escapes_and_other_texts_stay()
    {
        var sink = new Lines();
        using var log = new LoggerConfiguration().Enrich.With(new HarmlessText()).WriteTo.Sink(sink).CreateLogger();

        log.Information("{Method} met {Column} at {Row}", "a\r\n12:00:00 INF all is well", "\u001b[2Jname\u202e", 7);
        log.Information("{Name}", "Grüße, 中, \"quoted\"");

        Assert.AreEqual("a\\u000d\\u000a12:00:00 INF all is well met \\u001b[2Jname\\u202e at 7", sink.Told[0]);
        Assert.AreEqual("Grüße, 中, \"quoted\"", sink.Told[1]);
    }

    private sealed class Lines : ILogEventSink
    {
        public List<string> Told { get; } = [];

        public void Emit(LogEvent logEvent)
        {
            using var line = new StringWriter();
            new MessageTemplateTextFormatter("{Message:lj}").Format(logEvent, line);
            Told.Add(line.ToString());
        }
    }
}
