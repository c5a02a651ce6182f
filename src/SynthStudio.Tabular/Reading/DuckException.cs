namespace SynthStudio.Tabular;

/// <summary>The database engine refused a statement. Never leaves this library: its message may hold values of the data.</summary>
internal sealed class DuckException(string message) : Exception(message);
