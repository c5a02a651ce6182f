using Google.Protobuf.WellKnownTypes;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>Answers whoever is let through to it.</summary>
public sealed class UnruledService : Unruled.UnruledBase
{
    public override Task<Empty> Call(Empty request, ServerCallContext context) => Task.FromResult(new Empty());
}
