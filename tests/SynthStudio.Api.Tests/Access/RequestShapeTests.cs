using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using SynthStudio.Api.Requests;

namespace SynthStudio.Api.Tests.Access;

/// <summary>What no field can hold is refused by the path of the field, however deep it is.</summary>
[TestClass]
public sealed class RequestShapeTests
{
    [TestMethod]
    public void What_a_field_cannot_hold_is_refused_by_its_path()
    {
        foreach (var (request, field, problem) in ((IMessage, string, string)[])
        [
            (new V1.GetGeneratorRequest { Name = "a\0" }, "name", "NUL"),
            (new V1.UpdateGeneratorRequest { Generator = new() { DisplayName = "\0a" } }, "generator.display_name", "NUL"),
            (new V1.UpdateGeneratorRequest { Generator = new() { Options = { ["width"] = "1", ["dep\0th"] = "1" } } }, "generator.options", "NUL"),
            (new V1.UpdateGeneratorRequest { Generator = new() { Options = { ["width"] = "1", ["depth"] = "1\0" } } }, "generator.options", "NUL"),
            (new V1.UpdateGeneratorRequest { UpdateMask = new() { Paths = { "display_name", "\0" } } }, "update_mask.paths", "NUL"),
            (new V1.ChatAboutProjectRequest { Turns = { new V1.ChatTurn { Text = "good" }, new V1.ChatTurn { Text = "b\0d" } } }, "turns.text", "NUL"),
            (OfTime(seconds: 1, nanos: -1), "generator.max_time", "no duration"),
            (OfTime(seconds: -1, nanos: 1), "generator.max_time", "no duration"),
            (OfTime(seconds: 0, nanos: 1_000_000_000), "generator.max_time", "no duration"),
            (OfTime(seconds: 0, nanos: int.MinValue), "generator.max_time", "no duration"),
            (OfTime(seconds: 315_576_000_001, nanos: 0), "generator.max_time", "no duration"),
            (OfTime(seconds: long.MinValue, nanos: 0), "generator.max_time", "no duration"),
            (OfMoment(seconds: 253_402_300_800, nanos: 0), "api_key.expire_time", "no moment"),
            (OfMoment(seconds: -62_135_596_801, nanos: 0), "api_key.expire_time", "no moment"),
            (OfMoment(seconds: 0, nanos: -1), "api_key.expire_time", "no moment"),
        ])
        {
            var error = Assert.ThrowsExactly<RpcException>(() => RequestShape.Check(request), field);

            var violation = error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Single();
            Assert.AreEqual((StatusCode.InvalidArgument, field), (error.StatusCode, violation.Field));
            Assert.Contains(problem, violation.Description);
        }
    }

    [TestMethod]
    public void What_fields_can_hold_passes_up_to_the_edges()
    {
        foreach (var request in (IMessage[])
        [
            new V1.GetGeneratorRequest(),
            new V1.UpdateGeneratorRequest
            {
                Generator = new()
                {
                    Name = "projects/p/generators/g", Options = { ["width"] = "" }, Warnings = { "\u0001" },
                    Training = new() { Name = "j" },
                },
                UpdateMask = new() { Paths = { "options" } },
            },
            OfTime(seconds: 315_576_000_000, nanos: 999_999_999), OfTime(seconds: -315_576_000_000, nanos: -999_999_999), OfTime(seconds: 0, nanos: -1),
            OfMoment(seconds: 253_402_300_799, nanos: 999_999_999), OfMoment(seconds: -62_135_596_800, nanos: 0),
        ]) RequestShape.Check(request);
    }

    private static V1.UpdateGeneratorRequest OfTime(long seconds, int nanos) =>
        new() { Generator = new() { MaxTime = new Duration { Seconds = seconds, Nanos = nanos } } };

    private static V1.CreateApiKeyRequest OfMoment(long seconds, int nanos) =>
        new() { ApiKey = new() { ExpireTime = new Timestamp { Seconds = seconds, Nanos = nanos } } };
}
