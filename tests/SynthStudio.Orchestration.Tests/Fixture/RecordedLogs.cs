using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Keeps what our own components log, so that a failing test can show it.</summary>
public sealed class RecordedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> lines = new();

    public override string ToString() => string.Join(Environment.NewLine, lines.Select(l => l.Text));

    public int Count(LogLevel level) => lines.Count(l => l.Level == level);

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Recorder(RecordedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => category.StartsWith("SynthStudio", StringComparison.Ordinal) || logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var time = TimeProvider.System.GetUtcNow();
            logs.lines.Enqueue((logLevel, $"{time:HH:mm:ss.fff} {logLevel} {category}: {formatter(state, exception)} {exception}"));
        }
    }
}
