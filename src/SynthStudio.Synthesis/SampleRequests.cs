namespace SynthStudio.Synthesis;

/// <summary>What every method demands of a <see cref="SampleRequest"/>.</summary>
internal static class SampleRequests
{
    /// <summary>Checks a request before any work is done.</summary>
    /// <param name="request">As asked.</param>
    /// <param name="method">The method's name.</param>
    /// <exception cref="SynthesisException">A number is out of range, or the method cannot do what is asked.</exception>
    public static void Validate(SampleRequest request, string method)
    {
        Demand(request.Rows >= 1, "rows", "at least 1");
        Demand(request.ChunkRows >= 1 && request.FirstChunkRows >= 1, "chunk_rows", "at least 1");
        Demand(double.IsFinite(request.Temperature) && request.Temperature > 0, "temperature", "a number above 0");
        var capabilities = Synthesizers.Get(method).Capabilities;
        if (request.Temperature != 1) Support(Capabilities.Temperature, "temperature");
        if (request.Rebalance.Count > 0) Support(Capabilities.Rebalance, request.Rebalance.Keys.First());
        if (request.Fairness is { } fairness) Support(Capabilities.Fairness, fairness.Target);
        foreach (var (column, condition) in request.Given) Support(condition.Demands, column);

        void Support(Capabilities demanded, string subject)
        {
            if (capabilities.HasFlag(demanded)) return;
            throw new SynthesisException(
                SynthesisError.Unsupported, $"The method '{method}' cannot do this: {demanded} ({subject}). It can: {capabilities}.", subject);
        }
    }

    private static void Demand(bool met, string option, string allowed)
    {
        if (!met) throw new SynthesisException(SynthesisError.OptionOutOfRange, $"{option} must be {allowed}.", option);
    }
}
