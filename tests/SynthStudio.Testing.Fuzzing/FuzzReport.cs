using Grpc.Core;

namespace SynthStudio.Testing.Fuzzing;

/// <summary>How the calls of one method ended.</summary>
/// <param name="Target">The method.</param>
/// <param name="Codes">Calls by their status.</param>
/// <param name="Faults">Answers that no caller may get, with the message that got them.</param>
public sealed record FuzzReport(FuzzTarget Target, IReadOnlyDictionary<StatusCode, int> Codes, IReadOnlyList<string> Faults)
{
    public int Calls => Codes.Values.Sum();

    public override string ToString() =>
        $"{Target}: {string.Join(", ", Codes.OrderByDescending(code => code.Value).Select(code => $"{code.Key} {code.Value}"))}{string.Concat(Faults.Select(fault => $"\n  {fault}"))}";
}
