using System.Text.Json.Nodes;
using SynthStudio.Api.Assistant;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Tests.Assistant;

/// <summary>What language models are told of refused calls and failed jobs: reasons, and no words that may repeat a cell.</summary>
[TestClass]
public sealed class ToldErrorTests
{
    private const string Cell = "Olivia Quist";

    [TestMethod]
    public void Words_of_the_api_itself_are_told() => Assert.AreEqual(
        "RESOURCE_NOT_FOUND: projects/p/datasets/d does not exist, or you may not see it.", Refusals.Describe(ApiErrors.NotFound("projects/p/datasets/d")));

    [TestMethod]
    public void Words_that_may_repeat_a_cell_are_left_out_and_status_and_field_are_told()
    {
        var refused = ApiErrors.InvalidField("dataset.schema_json", $"Two columns are named '{Cell}'.", "DUPLICATE_COLUMN");

        Assert.AreEqual(
            "DUPLICATE_COLUMN (InvalidArgument), in dataset.schema_json. The server's words may repeat values of a table and are left out here.",
            Refusals.Describe(refused));
    }

    [TestMethod]
    [DataRow(StatusCode.Unavailable, "Unavailable: The server cannot be reached.")]
    [DataRow(StatusCode.Internal, "Internal: The server gave no reason.")]
    public void Of_an_error_without_a_reason_the_status_is_told(StatusCode code, string told) =>
        Assert.AreEqual(told, Refusals.Describe(new RpcException(new Status(code, Cell))));

    [TestMethod]
    public void Of_failed_work_the_reason_is_told_and_neither_words_nor_what_is_at_fault()
    {
        var error = new V1.JobError { Reason = "DUPLICATE_COLUMN", Message = $"Two columns are named '{Cell}'.", Subject = Cell };
        JsonObject[] views =
        [
            AssistantViews.Of(new V1.Dataset { Error = error }), AssistantViews.Of(new V1.Job { Error = error }),
            AssistantViews.Of(new V1.Generator { Training = new V1.Job { Error = error } }),
            AssistantViews.Of(new V1.SyntheticDataset { Error = error }), AssistantViews.Of(new V1.Evaluation { Error = error }),
        ];

        foreach (var view in views)
        {
            Assert.Contains("DUPLICATE_COLUMN", view.ToJsonString());
            Assert.DoesNotContain(Cell, view.ToJsonString());
        }
    }
}
