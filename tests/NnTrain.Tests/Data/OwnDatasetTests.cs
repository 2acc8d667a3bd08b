// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using Xunit;

namespace NnTrain.Tests.Data;

public sealed class OwnDatasetTests : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    private ImageSet Load(DatasetSplit split) => DatasetLoader.Load("own", folder.Root, split);

    private string Installed(string file) => Path.Combine(folder.Root, "own", file);

    private void Import()
    {
        folder.WriteOwnSet();
        DatasetInstaller.Get("own", folder.Root, null, folder.Source);
    }

    [Fact]
    public void Four_files_of_the_user_become_a_data_set()
    {
        Import();
        var test = Load(DatasetSplit.Test);
        Assert.Equal((7, 3, 5, 1), (test.Count, test.Height, test.Width, test.Channels));
        Assert.Equal(["0", "1", "2", "3"], test.ClassNames);
        Assert.Equal([3, 2, 1, 0, 1, 2, 3], test.Labels);
        Assert.Equal(DataFolder.Ramp(15, 1000 + 2 * 15), test.Image(2).ToArray());
        Assert.Contains("own", DatasetCatalogue.Names(folder.Root));
        Assert.Empty(DatasetLoader.Problems(DatasetCatalogue.Find("own", folder.Root), folder.Root));
    }

    [Fact]
    public void The_last_tenth_of_the_training_images_is_for_validation()
    {
        Import();
        var (training, validation, both) =
            (Load(DatasetSplit.Training), Load(DatasetSplit.Validation), Load(DatasetSplit.TrainingAndValidation));
        Assert.Equal((18, 2, 20), (training.Count, validation.Count, both.Count));
        Assert.Equal(both.Pixels, training.Pixels.Concat(validation.Pixels));
        Assert.Equal([2, 3], validation.Labels);
        Assert.Equal(DataFolder.Ramp(15, 18 * 15), validation.Image(0).ToArray());
    }

    [Fact]
    public void An_import_leaves_the_same_bytes_every_time_and_nothing_else()
    {
        Import();
        var files = Directory.EnumerateFileSystemEntries(folder.Root, "*", SearchOption.AllDirectories).Order().ToArray();
        var contents = files.Where(File.Exists).Select(File.ReadAllBytes).ToArray();
        Assert.Equal(6, files.Length);
        DatasetInstaller.Get("own", folder.Root, null, folder.Source);
        Assert.Equal(files, Directory.EnumerateFileSystemEntries(folder.Root, "*", SearchOption.AllDirectories).Order());
        Assert.Equal(contents, files.Where(File.Exists).Select(File.ReadAllBytes));
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte")]
    [InlineData("train-labels-idx1-ubyte")]
    [InlineData("t10k-images-idx3-ubyte")]
    [InlineData("t10k-labels-idx1-ubyte")]
    public void One_changed_byte_in_any_file_is_found_and_the_file_named(string name)
    {
        Import();
        var content = File.ReadAllBytes(Installed(name));
        content[^1] ^= 1;
        File.WriteAllBytes(Installed(name), content);
        AssertRefused(name, "damaged");
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte")]
    [InlineData("t10k-labels-idx1-ubyte")]
    public void A_truncated_file_is_found_and_named(string name)
    {
        Import();
        File.WriteAllBytes(Installed(name), File.ReadAllBytes(Installed(name))[..^1]);
        AssertRefused(name, "truncated");
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte")]
    [InlineData("train-images-idx3-ubyte", "t10k-images-idx3-ubyte")]
    [InlineData("train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte")]
    public void Swapped_files_are_found_and_both_named(string first, string second)
    {
        Import();
        var (a, b) = (File.ReadAllBytes(Installed(first)), File.ReadAllBytes(Installed(second)));
        File.WriteAllBytes(Installed(first), b);
        File.WriteAllBytes(Installed(second), a);
        AssertRefused(first, $"holds {second} of own: the files are swapped");
        AssertRefused(second, $"holds {first} of own: the files are swapped");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Import();
        File.Delete(Installed("t10k-labels-idx1-ubyte"));
        AssertRefused("t10k-labels-idx1-ubyte", "missing");
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_not_imported()
    {
        folder.WriteOwnSet();
        folder.Write("t10k-labels-idx1-ubyte", DataFolder.Idx([0, 1, 2], 3));
        AssertNotImported("7 test images but 3 labels");
        folder.Write("t10k-labels-idx1-ubyte", DataFolder.Idx(DataFolder.Ramp(105), 7, 3, 5));
        AssertNotImported("are the files swapped?");
        folder.WriteOwnSet();
        folder.Write("t10k-images-idx3-ubyte", DataFolder.Idx(DataFolder.Ramp(7 * 16), 7, 4, 4));
        AssertNotImported("training images are 3 x 5, test images 4 x 4");
        File.Delete(Path.Combine(folder.Source, "train-labels-idx1-ubyte"));
        AssertNotImported("lacks train-labels-idx1-ubyte");
    }

    [Theory]
    [InlineData("")]
    [InlineData("../up")]
    [InlineData("Upper")]
    [InlineData("-x")]
    public void Names_that_are_no_folder_names_are_refused(string name) =>
        Assert.Throws<DatasetException>(() => DatasetInstaller.Get(name, folder.Root, null, folder.Source));

    private void AssertRefused(string file, string what)
    {
        var problems = DatasetLoader.Problems(DatasetCatalogue.Find("own", folder.Root), folder.Root);
        Assert.Contains(problems, problem => problem.StartsWith($"{Installed(file)}: ", StringComparison.Ordinal) && problem.Contains(what, StringComparison.Ordinal));
        var split = file.StartsWith("t10k", StringComparison.Ordinal) ? DatasetSplit.Test : DatasetSplit.Training;
        var message = Assert.Throws<DatasetException>(() => Load(split)).Message;
        Assert.Contains($"{Installed(file)}: ", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains("`codesign data get own --from FOLDER`", message, StringComparison.Ordinal);
    }

    private void AssertNotImported(string reason)
    {
        var error = Assert.Throws<DatasetException>(() => DatasetInstaller.Get("own", folder.Root, null, folder.Source));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Root, "own")));
    }
}
