namespace SynthStudio.Synthesis.Auto;

/// <summary>What a training is expected to cost.</summary>
/// <param name="Method">The method.</param>
/// <param name="Time">Wall-clock time.</param>
/// <param name="MemoryBytes">Highest memory, the table included.</param>
internal sealed record MethodCost(string Method, TimeSpan Time, long MemoryBytes);

/// <summary>Costs by the table's size, as the methods tell them.</summary>
internal static class MethodCosts
{
    private static readonly Dictionary<string, string> NoOptions = [];

    /// <summary>Of one of the methods that auto chooses among, without options.</summary>
    public static MethodCost Of(string method, TableFacts facts)
    {
        var synthesizer = Synthesizers.All.First(synthesizer => synthesizer.Method == method);
        var time = synthesizer.Time(facts.Size, NoOptions) ?? throw new ArgumentException($"No costs are known of '{method}'.", nameof(method));
        return new MethodCost(method, time.On(facts.Threads), synthesizer.Memory.Of(facts.RowsInMemory, facts.Columns));
    }
}
