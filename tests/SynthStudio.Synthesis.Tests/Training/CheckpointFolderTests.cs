using SynthStudio.Synthesis.Training;

namespace SynthStudio.Synthesis.Tests;

/// <summary>Files of checkpoints, which others read and move away while the training goes on.</summary>
[TestClass]
public sealed class CheckpointFolderTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("synthstudio").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void A_second_checkpoint_of_a_step_does_not_touch_the_file_of_the_first()
    {
        var checkpoints = Open();
        var first = Write(checkpoints, step: 7, weight: 1);
        var bytes = File.ReadAllBytes(first);

        var second = Write(checkpoints, step: 7, weight: 2);

        Assert.AreNotEqual(first, second);
        CollectionAssert.AreEqual(bytes, File.ReadAllBytes(first));
        Assert.AreEqual(2, ReadWeight());
    }

    [TestMethod]
    public void A_name_is_not_given_again_although_its_file_was_moved_away()
    {
        var checkpoints = Open();
        var first = Write(checkpoints, step: 7, weight: 1);
        File.Delete(first);

        Assert.AreNotEqual(first, Write(checkpoints, step: 7, weight: 2));
    }

    [TestMethod]
    public void The_last_two_that_were_written_are_kept()
    {
        var checkpoints = Open();
        List<string> written =
        [
            Write(checkpoints, 8, 1), Write(checkpoints, 9, 2), Write(checkpoints, 9, 3),
            Write(checkpoints, 10, 4), Write(checkpoints, 10, 5),
        ];

        CollectionAssert.AreEquivalent(written[^2..], Directory.GetFiles(folder));
        Assert.AreEqual(5, ReadWeight());
    }

    /// <summary>Files of a version that named them by step alone.</summary>
    [TestMethod]
    public void Files_without_a_number_are_read_and_older_than_those_with_one()
    {
        File.Move(Write(Open(), step: 9, weight: 1), Path.Combine(folder, "checkpoint-000000000009.synckpt"));
        File.Move(Write(Open(), step: 10, weight: 2), Path.Combine(folder, "checkpoint-000000000010.synckpt"));
        Assert.AreEqual(2, ReadWeight(), "of the later step");

        Write(Open(), step: 10, weight: 3);

        Assert.AreEqual(3, ReadWeight());
        CollectionAssert.AreEquivalent(
            new[] { "checkpoint-000000000010.synckpt", "checkpoint-000000000010-0001.synckpt" }, Directory.GetFiles(folder).Select(Path.GetFileName).ToList());
    }

    [TestMethod]
    public void A_training_that_goes_on_counts_on()
    {
        var before = Write(Open(), step: 7, weight: 1);
        var resumed = Open();

        var after = Write(resumed, step: 7, weight: 2);

        Assert.AreNotEqual(before, after);
        Assert.AreEqual(2, ReadWeight());
    }

    private CheckpointFolder Open() => new(folder, "a training", []);

    private static string Write(CheckpointFolder checkpoints, long step, float weight) =>
        checkpoints.Write(new TrainingState { Step = step }, new Dictionary<string, float[]> { ["weights"] = [weight] });

    private float ReadWeight() => Open().Read(new Observer())!.Value.Tensors["weights"].Single();
}
