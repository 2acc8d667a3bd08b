// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using NnTrain.Tests.TorchSystem;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Training;

public sealed class ImageBatchTests : TorchTest
{
    private static readonly ImageSet Images = SyntheticImages.Create(size: 8, channels: 3, classes: 4, count: 6, seed: 5);

    [Fact]
    public void Pixels_become_fractions_of_256_with_the_channel_first()
    {
        ImageBatch batch = ImageBatch.Of(Images, start: 2, count: 3);

        Assert.Equal([3, 3, 8, 8], batch.Images.shape);
        double[] values = Values(batch.Images);
        for (int i = 0; i < values.Length; i++)
        {
            (int image, int channel, int pixel) = (i / 192, i / 64 % 3, i % 64);
            Assert.Equal(Images.Image(image + 2)[(pixel * 3) + channel] / 256.0, values[i]);
        }
        AssertValues([2, 3, 0], batch.Labels, tolerance: 0);
    }

    [Fact]
    public void A_moved_image_is_the_image_at_one_of_the_allowed_places_with_zeros_around()
    {
        SeededRandom random = new(11);
        HashSet<(int, int)> places = [];
        for (int draw = 0; draw < 200; draw++)
        {
            double[] values = Values(ImageBatch.Of(Images, [4], shiftPixels: 1, random).Images);
            (int Down, int Right) place = Places(1).Single(candidate => Moved(candidate.Down, candidate.Right).SequenceEqual(values));
            places.Add(place);
        }

        Assert.Equal(9, places.Count);
    }

    [Fact]
    public void Labels_follow_their_images()
    {
        ImageBatch batch = ImageBatch.Of(Images, [5, 0, 3], shiftPixels: 0, random: null);

        AssertValues([1, 0, 3], batch.Labels, tolerance: 0);
        Assert.Equal(Images.Image(5)[0] / 256.0, Values(batch.Images)[0]);
    }

    private static IEnumerable<(int Down, int Right)> Places(int pixels) =>
        from down in Enumerable.Range(-pixels, (2 * pixels) + 1)
        from right in Enumerable.Range(-pixels, (2 * pixels) + 1)
        select (down, right);

    private static double[] Moved(int down, int right) =>
    [
        .. from c in Enumerable.Range(0, 3)
           from y in Enumerable.Range(0, 8)
           from x in Enumerable.Range(0, 8)
           let inside = y - down is >= 0 and < 8 && x - right is >= 0 and < 8
           select inside ? Images.Image(4)[((((y - down) * 8) + x - right) * 3) + c] / 256.0 : 0.0,
    ];
}
