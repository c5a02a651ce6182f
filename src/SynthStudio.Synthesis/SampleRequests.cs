namespace SynthStudio.Synthesis;

/// <summary>What every method demands of a <see cref="SampleRequest"/>.</summary>
internal static class SampleRequests
{
    /// <exception cref="SynthesisException">A number is out of range.</exception>
    public static void Validate(SampleRequest request)
    {
        Demand(request.Rows >= 1, "rows", "at least 1");
        Demand(request.ChunkRows >= 1 && request.FirstChunkRows >= 1, "chunk_rows", "at least 1");
        Demand(double.IsFinite(request.Temperature) && request.Temperature > 0, "temperature", "a number above 0");
    }

    private static void Demand(bool met, string option, string allowed)
    {
        if (!met) throw new SynthesisException(SynthesisError.OptionOutOfRange, $"{option} must be {allowed}.", option);
    }
}
