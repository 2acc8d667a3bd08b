// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using Xunit;

namespace NnTrain.Tests.Data;

public sealed class DatasetCatalogueTests : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Sizes_of_files_follow_from_their_shapes()
    {
        Assert.Equal([47_040_016, 60_008, 7_840_016, 10_008], DatasetCatalogue.Mnist.Files.Select(file => file.Bytes));
        Assert.Equal([47_040_016, 60_008, 7_840_016, 10_008], DatasetCatalogue.FashionMnist.Files.Select(file => file.Bytes));
        Assert.All(DatasetCatalogue.Cifar10.Files, file => Assert.Equal(30_730_000, file.Bytes));
        Assert.Equal((60_000, 10_000), (DatasetCatalogue.Mnist.TrainingImages, DatasetCatalogue.Mnist.TestImages));
        Assert.Equal((50_000, 10_000), (DatasetCatalogue.Cifar10.TrainingImages, DatasetCatalogue.Cifar10.TestImages));
    }

    [Fact]
    public void Checksums_are_64_hexadecimal_digits_and_differ()
    {
        var checksums = DatasetCatalogue.All.SelectMany(dataset => dataset.Files).Select(file => file.Sha256).OfType<string>().ToArray();
        Assert.Equal(8, checksums.Distinct().Count());
        Assert.All(checksums, checksum => Assert.Matches("^[0-9a-f]{64}$", checksum));
    }

    [Fact]
    public void A_data_set_that_is_not_there_is_refused_with_the_command_that_gets_it()
    {
        var message = Assert.Throws<DatasetException>(() => DatasetLoader.Load("mnist", folder.Root, DatasetSplit.Test)).Message;
        Assert.Contains("t10k-images-idx3-ubyte: missing", message, StringComparison.Ordinal);
        Assert.Contains("t10k-labels-idx1-ubyte: missing", message, StringComparison.Ordinal);
        Assert.EndsWith("Get it with `codesign data get mnist`.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        var message = Assert.Throws<DatasetException>(() => DatasetLoader.Load("minst", folder.Root, DatasetSplit.Test)).Message;
        Assert.Contains("mnist, fashion-mnist, cifar10", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_under_the_name_of_a_known_set_must_have_its_checksums()
    {
        folder.WriteOwnSet();
        var message = Assert.Throws<DatasetException>(() => DatasetInstaller.Get("mnist", folder.Root, null, folder.Source)).Message;
        Assert.Contains("train-images-idx3-ubyte: truncated: 316 bytes, expected 47040016", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Root, "mnist")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Root));
    }

    [Fact]
    public void Cifar_needs_a_folder_of_the_user()
    {
        var message = Assert.Throws<DatasetException>(() => DatasetInstaller.Get("cifar10", folder.Root)).Message;
        Assert.Contains("data_batch_1.bin", message, StringComparison.Ordinal);
        Assert.Contains("`codesign data get cifar10 --from FOLDER`", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cifar_is_imported_with_checksums_and_read_batch_after_batch()
    {
        WriteCifar(wrongLabel: 10);
        var refusal = Assert.Throws<DatasetException>(() => DatasetInstaller.Get("cifar10", folder.Root, null, folder.Source)).Message;
        Assert.Contains("data_batch_3.bin: label 10 of image 2 is not one of the 10 classes", refusal, StringComparison.Ordinal);

        WriteCifar(wrongLabel: 3);
        DatasetInstaller.Get("cifar10", folder.Root, null, folder.Source);
        var test = DatasetLoader.Load("cifar10", folder.Root, DatasetSplit.Test);
        Assert.Equal((10_000, 32, 32, 3), (test.Count, test.Height, test.Width, test.Channels));
        var validation = DatasetLoader.Load("cifar10", folder.Root, DatasetSplit.Validation);
        Assert.Equal(5_000, validation.Count);
        Assert.All(validation.Labels, label => Assert.Equal(5, label));
        var path = Path.Combine(folder.Root, "cifar10", "test_batch.bin");
        var content = File.ReadAllBytes(path);
        content[5] ^= 1;
        File.WriteAllBytes(path, content);
        var message = Assert.Throws<DatasetException>(() => DatasetLoader.Load("cifar10", folder.Root, DatasetSplit.Test)).Message;
        Assert.Contains($"{path}: damaged", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slice_outside_a_set_is_refused()
    {
        folder.WriteOwnSet();
        DatasetInstaller.Get("own", folder.Root, null, folder.Source);
        var images = DatasetLoader.Load("own", folder.Root, DatasetSplit.Test);
        Assert.Equal([1, 0], images.Slice(2, 2).Labels);
        Assert.Throws<ArgumentOutOfRangeException>(() => images.Slice(6, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => images.Slice(-1, 1));
    }

    // Every record of batch n has label n, but for one of batch 3; the test batch has 0.
    private void WriteCifar(byte wrongLabel)
    {
        for (byte batch = 0; batch <= 5; batch++)
        {
            var content = new byte[30_730_000];
            for (var record = 0; record < 10_000; record++)
            {
                content[record * 3073] = batch == 3 && record == 2 ? wrongLabel : batch;
            }
            folder.Write(batch == 0 ? "test_batch.bin" : $"data_batch_{batch}.bin", content);
        }
    }
}
