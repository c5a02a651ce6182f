namespace SynthStudio.Api.Errors;

/// <summary>The client broke off its stream or its connection; there is nobody to answer.</summary>
internal sealed class CallerLeftException(Exception cause) : IOException("The caller left.", cause);
