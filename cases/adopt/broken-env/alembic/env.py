try:
    import nothing_of_that_name
except ImportError as error:
    raise RuntimeError("the shop is not there") from error
