namespace SynthStudio.Mock;

/// <summary>A mock schema that cannot be used, with a message that says which column and property is at fault.</summary>
public sealed class MockSchemaException(string message, Exception? inner = null) : Exception(message, inner);
