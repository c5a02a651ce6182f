using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>Keeps warnings and errors of the server, so that a test fails when one comes that it did not announce.</summary>
public sealed class RecordedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _all = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentBag<string> _expected = [];

    /// <summary>Announces errors whose text contains this.</summary>
    public void Expect(string part) => _expected.Add(part);

    /// <summary>Errors that nobody announced; each is told once.</summary>
    public IReadOnlyList<string> TakeUnexpected()
    {
        List<string> unexpected = [];
        while (_errors.TryDequeue(out var text))
            if (!_expected.Any(e => text.Contains(e, StringComparison.Ordinal))) unexpected.Add(text);
        return unexpected;
    }

    public bool Contains(string part) => _all.Any(l => l.Contains(part, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Recorder(RecordedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var text = $"{category}: {formatter(state, exception)} {exception}";
            logs._all.Enqueue(text);
            if (logLevel >= LogLevel.Error) logs._errors.Enqueue(text);
        }
    }
}
