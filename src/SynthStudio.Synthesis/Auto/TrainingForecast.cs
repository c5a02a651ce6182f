using SynthStudio.Synthesis.Cells;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Auto;

/// <summary>What a training will do and take, as far as it is known before.</summary>
/// <param name="Method">The method that learns: the one asked for, or what auto chooses.</param>
/// <param name="Reason">Why auto chooses it, for people; empty where the method was asked for.</param>
/// <param name="ProcessorTime">Over all threads, on the CPU; null where nothing comparable was measured.</param>
/// <param name="Time">
/// Wall-clock time on <paramref name="Threads"/> of a CPU that do nothing else, whatever the device, the limit at most; null likewise.
/// </param>
/// <param name="Threads">Threads that work side by side.</param>
/// <param name="MemoryBytes">Highest host memory, the table and the process included.</param>
public sealed record TrainingForecast(string Method, string Reason, TimeSpan? ProcessorTime, TimeSpan? Time, int Threads, long MemoryBytes)
{
    /// <summary>Of a table that is there.</summary>
    /// <exception cref="SynthesisException">The method or an option is unknown, or an option is out of range.</exception>
    public static TrainingForecast Of(string method, Table table, FitRequest request) =>
        Of(method, TableFacts.Of(table, request, CellTable.Threads(request.Threads)), table.Schema.Columns.Count(c => c.Kind != ColumnKind.Ignored), request);

    /// <summary>Of a table by what is known of it; under privacy terms by what is declared.</summary>
    /// <param name="method">The method.</param>
    /// <param name="schema">The schema file; null for none. Columns that it does not name count as numbers.</param>
    /// <param name="rows">Rows that are learned.</param>
    /// <param name="columns">Columns of the table.</param>
    /// <param name="request">How to train.</param>
    /// <exception cref="SynthesisException">The method or an option is unknown, or an option is out of range.</exception>
    public static TrainingForecast Of(string method, SchemaFile? schema, long rows, int columns, FitRequest request)
    {
        var declared = schema?.Columns ?? [];
        var learned = Math.Max(columns, declared.Count) - declared.Count(c => c.Kind == DeclaredKind.Ignored);
        var terms = request.Privacy is { Rows: null } open ? open with { Rows = schema?.Population.Rows } : request.Privacy;
        var facts = TableFacts.Of(declared, terms?.Rows ?? rows, Math.Max(columns, declared.Count), request, CellTable.Threads(request.Threads));
        return Of(method, facts, learned, request with { Privacy = terms });
    }

    private static TrainingForecast Of(string method, TableFacts facts, int columns, FitRequest request)
    {
        var (name, reason, options) = method == AutoSynthesizer.Name ? Choose(facts, columns, request) : (method, "", request.Options);
        var synthesizer = Synthesizers.Get(name);
        var need = synthesizer.Time(facts.Size, options);
        var time = need?.On(facts.Threads);
        if (request.MaxTime < time) time = request.MaxTime;
        return new TrainingForecast(
            name, reason, need is { } known ? TimeSpan.FromSeconds(known.ProcessorSeconds) : null, time, facts.Threads,
            synthesizer.Memory.Of(request.Privacy is null ? facts.RowsInMemory : facts.Rows, facts.Columns));
    }

    private static (string Method, string Reason, IReadOnlyDictionary<string, string> Options) Choose(TableFacts facts, int columns, FitRequest request)
    {
        var options = AutoOptions.Parse(request);
        var choice = request.Privacy is { } terms
            ? PrivateMethodChooser.Choose(columns, terms, request.MaxTime)
            : MethodChooser.Choose(facts, options.ForConditions);
        return (choice.Method, choice.Reason, request.Privacy is null ? new Dictionary<string, string>() : options.Domain);
    }
}
