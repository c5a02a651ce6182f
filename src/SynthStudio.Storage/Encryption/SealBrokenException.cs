namespace SynthStudio.Storage;

/// <summary>A stored secret cannot be opened: another master key is set, or somebody changed it.</summary>
public sealed class SealBrokenException(string purpose, string problem, Exception? inner = null)
    : IOException($"The stored secret '{purpose}' cannot be opened: {problem}. Check SynthStudio:Encryption:MasterKey, PreviousMasterKey and NextMasterKey.", inner);
